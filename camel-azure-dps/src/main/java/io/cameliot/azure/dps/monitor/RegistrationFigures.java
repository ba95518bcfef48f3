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
package io.cameliot.azure.dps.monitor;

/** The figures of one endpoint. The names are those of the JMX attributes. */
public interface RegistrationFigures {

    String getIdScope();

    /** Returns the registration id; null if messages name the device. */
    String getRegistrationId();

    /** Returns host and port of the service. */
    String getServiceUrl();

    int getActiveRegistrations();

    int getWaitingRegistrations();

    long getAssignedTotal();

    long getFailedTotal();
}
