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

import java.util.Locale;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.GeneratedPropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.PluginHelper;

/**
 * Makes a configurer that Camel generated find its options in every locale. The generated code compares names without
 * case by {@code name.toLowerCase()}, which in Turkish and Azeri turns {@code clientId} into another word. This class
 * converts the name to lower case first; the generated code also knows the lower-case names.
 */
public final class AnyLocaleConfigurer implements GeneratedPropertyConfigurer, PropertyConfigurerGetter {

    private final PropertyConfigurer generated;
    private final PropertyConfigurerGetter options;

    private AnyLocaleConfigurer(PropertyConfigurer generated) {
        this.generated = generated;
        this.options = (PropertyConfigurerGetter) generated;
    }

    /**
     * Wraps a configurer, for a component's {@code getComponentPropertyConfigurer()} and
     * {@code getEndpointPropertyConfigurer()}.
     *
     * @param generated Camel's configurer of the component or its endpoints; null before the component is built
     * @return null for null
     */
    public static PropertyConfigurer of(PropertyConfigurer generated) {
        return generated == null ? null : new AnyLocaleConfigurer(generated);
    }

    /**
     * Registers such a configurer for a configuration class, whose properties are set through the component's:
     * {@code camel.component.<name>.configuration.<option>}. Camel looks into the registry first.
     *
     * @param configuration a class for which Camel generated a configurer
     */
    public static void register(CamelContext context, Class<?> configuration) {
        PropertyConfigurer found =
                PluginHelper.getConfigurerResolver(context).resolvePropertyConfigurer(configuration.getName(), context);
        if (!(found instanceof AnyLocaleConfigurer)) {
            context.getRegistry().bind(configuration.getName(), of(found));
        }
    }

    @Override
    public boolean configure(CamelContext camelContext, Object target, String name, Object value, boolean ignoreCase) {
        String known = known(name, ignoreCase);
        return generated.configure(camelContext, target, known, constant(known, value), false);
    }

    /**
     * Returns the constant of an enum option that a text names exactly, otherwise the value as it is. Camel's converter
     * first searches all converters for one from text to a number: that took a fifth of the time in which {@code toD}
     * resolves an endpoint.
     */
    private Object constant(String option, Object value) {
        Class<?> type = value instanceof String ? options.getOptionType(option, false) : null;
        if (type != null && type.isEnum()) {
            for (Object constant : type.getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(value)) {
                    return constant;
                }
            }
        }
        return value;
    }

    @Override
    public Class<?> getOptionType(String name, boolean ignoreCase) {
        return options.getOptionType(known(name, ignoreCase), false);
    }

    @Override
    public Object getOptionValue(Object target, String name, boolean ignoreCase) {
        return options.getOptionValue(target, known(name, ignoreCase), false);
    }

    @Override
    public Object getCollectionValueType(Object target, String name, boolean ignoreCase) {
        return options.getCollectionValueType(target, known(name, ignoreCase), false);
    }

    @Override
    public String[] getAutowiredNames() {
        return options.getAutowiredNames();
    }

    private static String known(String name, boolean ignoreCase) {
        return ignoreCase ? name.toLowerCase(Locale.ROOT) : name;
    }
}
