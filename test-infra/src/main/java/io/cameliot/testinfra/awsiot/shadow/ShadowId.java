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
package io.cameliot.testinfra.awsiot.shadow;

/**
 * Which shadow of which thing.
 *
 * @param thing the thing's name
 * @param name the shadow's name; empty for the classic one
 */
public record ShadowId(String thing, String name) {
    private static final String UNNAMED = "";

    public static ShadowId classic(String thing) {
        return new ShadowId(thing, UNNAMED);
    }

    public boolean isClassic() {
        return name.equals(UNNAMED);
    }

    /** As AWS's error messages have it: {@code thing}, or {@code thing~name}. */
    String label() {
        return isClassic() ? thing : thing + "~" + name;
    }

    /** What its topics begin with. */
    public String topicPrefix() {
        return "$aws/things/" + thing + "/shadow" + (isClassic() ? "" : "/name/" + name) + "/";
    }
}
