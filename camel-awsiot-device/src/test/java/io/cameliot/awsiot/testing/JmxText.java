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
package io.cameliot.awsiot.testing;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;

/** Everything that JMX tells of a Camel context. */
public final class JmxText {

    /**
     * The names of operations that tell something and change nothing. Left out are Camel's dumps of routes, which show a
     * secret that stands in a route (docs/operations.md).
     */
    private static final Pattern TELLING = Pattern.compile(
            "(?!dump.*As(Xml|Yaml))(get|is|has|dump|browse|list|information|explain|query|find|show).*");

    private JmxText() {}

    /** Returns the names and attributes of all MBeans, and the results of their operations without parameters. */
    public static List<String> of(CamelContext camel) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        List<String> texts = new ArrayList<>();
        for (ObjectName name : server.queryNames(
                new ObjectName("org.apache.camel:context=" + camel.getManagementName() + ",*"), null)) {
            texts.add(name.toString());
            MBeanInfo bean = server.getMBeanInfo(name);
            for (MBeanAttributeInfo attribute : bean.getAttributes()) {
                texts.add(attribute.getName() + "=" + text(() -> server.getAttribute(name, attribute.getName())));
            }
            for (MBeanOperationInfo operation : bean.getOperations()) {
                if (operation.getSignature().length == 0
                        && TELLING.matcher(operation.getName()).matches()) {
                    texts.add(operation.getName() + "()="
                            + text(() -> server.invoke(name, operation.getName(), null, null)));
                }
            }
        }
        if (texts.isEmpty()) {
            throw new AssertionError(
                    "The context " + camel.getManagementName() + " has no MBeans: does it start without JMX?");
        }
        return texts;
    }

    /** Reads a value of JMX. */
    @FunctionalInterface
    private interface Value {

        Object get() throws JMException;
    }

    private static String text(Value value) {
        try {
            Object result = value.get();
            return result instanceof Object[] array ? Arrays.deepToString(array) : String.valueOf(result);
        } catch (JMException | RuntimeException e) {
            return e.toString();
        }
    }
}
