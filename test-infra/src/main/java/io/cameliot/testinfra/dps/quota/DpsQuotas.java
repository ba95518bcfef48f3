/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.cameliot.testinfra.dps.quota;

/**
 * The limits above which the service answers 429.
 *
 * @param registrationsPerMinute register requests per minute, of all devices together
 * @param pollsPerTenSeconds polls in ten seconds, of one device
 * @see <a href="https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits">
 *     Service limits</a>
 */
public record DpsQuotas(int registrationsPerMinute, int pollsPerTenSeconds) {

    /** Checks the values. */
    public DpsQuotas {
        if (registrationsPerMinute < 1 || pollsPerTenSeconds < 1) {
            throw new IllegalArgumentException("Quotas are at least 1");
        }
    }

    /**
     * Returns the documented quotas: 1000 registrations per minute, 5 polls in 10 s for each device.
     *
     * @return the quotas
     */
    public static DpsQuotas documented() {
        return new DpsQuotas(1000, 5);
    }

    /**
     * Returns quotas without limits.
     *
     * @return the quotas
     */
    public static DpsQuotas unlimited() {
        return new DpsQuotas(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }
}
