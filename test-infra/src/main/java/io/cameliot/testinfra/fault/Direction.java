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
package io.cameliot.testinfra.fault;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** The direction of bytes through a {@link FaultProxy}. */
public enum Direction {
    /** From the client that connected to the proxy to the server behind it. */
    TO_SERVER,
    /** From the server behind the proxy to the client. */
    TO_CLIENT;

    public static final Set<Direction> BOTH = Collections.unmodifiableSet(EnumSet.allOf(Direction.class));
}
