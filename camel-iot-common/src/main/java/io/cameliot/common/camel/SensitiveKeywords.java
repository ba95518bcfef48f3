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
package io.cameliot.common.camel;

import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.CamelContext;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.util.SensitiveUtils;

/**
 * Tells Camel which options of a component hold secrets, beyond the names that Camel knows of itself, so that it masks
 * them in URIs and in the summary of properties that camel-main logs. Camel 4.14 cannot be told.
 */
final class SensitiveKeywords {

    /**
     * The one secret option of which Camel's own keywords are no part, so that its value is masked in URIs by this keyword
     * only. Camel masks the first match in a URI and no other: so this keyword is on its own, and the rest are one that
     * matches nothing in a URI, but is found by name in the summary.
     */
    private static final String IN_URIS = "proxy";

    private static final String PREFIX = IN_URIS + ",";

    private SensitiveKeywords() {}

    /**
     * Adds the names of secret options, unless the user has set keywords: those stay as they are, since Camel would mask
     * ours instead of the user's in the same URI.
     */
    static void add(CamelContext camelContext, Set<String> secretOptions) {
        ExtendedCamelContext extension = camelContext.getCamelContextExtension();
        try {
            String present = (String) ExtendedCamelContext.class
                    .getMethod("getAdditionalSensitiveKeywords")
                    .invoke(extension);
            if (present != null && !present.startsWith(PREFIX)) {
                return;
            }
            Set<String> names = new TreeSet<>();
            if (present != null) {
                Collections.addAll(names, present.substring(PREFIX.length()).split(" "));
            }
            secretOptions.stream()
                    .filter(option -> !option.equals(IN_URIS) && !SensitiveUtils.containsSensitive(option))
                    .forEach(names::add);
            Method set = ExtendedCamelContext.class.getMethod("setAdditionalSensitiveKeywords", String.class);
            set.invoke(extension, PREFIX + String.join(" ", names));
        } catch (ReflectiveOperationException e) {
            // Camel 4.14, on which nothing can be added.
        }
    }
}
