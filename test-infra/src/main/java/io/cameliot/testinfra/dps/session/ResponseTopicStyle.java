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
package io.cameliot.testinfra.dps.session;

import java.util.Optional;

/**
 * Forms of the answers' topics. Neither the order of the properties nor the case of their names is specified, and there
 * may be more properties, so a client must accept all of these.
 */
public enum ResponseTopicStyle {
    /** The service's usual form: {@code $dps/registrations/res/202/?$rid=1&retry-after=3}. */
    RID_FIRST {
        @Override
        String properties(String rid, Optional<String> retryAfter) {
            return "$rid=" + rid
                    + retryAfter.map(value -> "&retry-after=" + value).orElse("");
        }
    },
    /** The reverse order: {@code …/?retry-after=3&$rid=1}. */
    RETRY_AFTER_FIRST {
        @Override
        String properties(String rid, Optional<String> retryAfter) {
            return retryAfter.map(value -> "retry-after=" + value + "&").orElse("") + "$rid=" + rid;
        }
    },
    /** With the name of the HTTP header: {@code …/?$rid=1&Retry-After=3}. */
    CAPITALIZED_RETRY_AFTER {
        @Override
        String properties(String rid, Optional<String> retryAfter) {
            return "$rid=" + rid
                    + retryAfter.map(value -> "&Retry-After=" + value).orElse("");
        }
    },
    /** With a property that clients do not know: {@code …/?something=89&$rid=1&retry-after=3}. */
    UNKNOWN_PROPERTY {
        @Override
        String properties(String rid, Optional<String> retryAfter) {
            return "something=89&" + RID_FIRST.properties(rid, retryAfter);
        }
    },
    /** The service's answer to a request without a request id: {@code …/?$rid=&retry-after=3}. */
    EMPTY_RID {
        @Override
        String properties(String rid, Optional<String> retryAfter) {
            return RID_FIRST.properties("", retryAfter);
        }
    };

    abstract String properties(String rid, Optional<String> retryAfter);

    String topic(int status, String rid, Optional<String> retryAfter) {
        return "$dps/registrations/res/" + status + "/?" + properties(rid, retryAfter);
    }
}
