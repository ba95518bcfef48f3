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
package io.cameliot.common.transport;

/**
 * Says what the user of a component can do about a fault: only the component knows by which options a user can change what
 * a connection is.
 */
@FunctionalInterface
public interface ConnectAdvice {

    /** For who has no options. */
    ConnectAdvice NONE = (fault, target) -> "";

    /**
     * Goes on where the message says what happened, such as {@code ": check option endpoint"}.
     *
     * @return empty for nothing
     */
    String on(ConnectFault fault, TlsTarget target);
}
