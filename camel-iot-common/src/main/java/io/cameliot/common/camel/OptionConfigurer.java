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
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.GeneratedPropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.PluginHelper;

/**
 * Wraps a configurer that Camel generated, for three reasons:
 *
 * <ul>
 *   <li>It finds its options in every locale. The generated code compares names without case by
 *       {@code name.toLowerCase()}, which in Turkish and Azeri turns {@code clientId} into another word. This class
 *       converts the name to lower case first; the generated code also knows the lower-case names.
 *   <li>It refuses text that Camel would convert to another value, as {@link OptionValues} tells.
 *   <li>Its errors name the option, the value, and the allowed values.
 * </ul>
 */
public final class OptionConfigurer implements GeneratedPropertyConfigurer, PropertyConfigurerGetter {

    private final PropertyConfigurer generated;
    private final PropertyConfigurerGetter options;
    private final Class<?> configuration;
    private final Function<String, RuntimeException> unknown;

    private OptionConfigurer(
            PropertyConfigurer generated, Class<?> configuration, Function<String, RuntimeException> unknown) {
        this.generated = generated;
        this.options = (PropertyConfigurerGetter) generated;
        this.configuration = configuration;
        this.unknown = unknown;
    }

    /**
     * Wraps a configurer that leaves names that it does not know to its caller.
     *
     * @param generated Camel's configurer; null before the component is built
     * @param configuration the class whose fields are the options
     * @return null for null
     */
    static PropertyConfigurer of(PropertyConfigurer generated, Class<?> configuration) {
        return of(generated, configuration, null);
    }

    /**
     * Wraps a configurer that fails for a name that it does not know.
     *
     * @param unknown makes the failure from the name
     */
    static PropertyConfigurer of(
            PropertyConfigurer generated, Class<?> configuration, Function<String, RuntimeException> unknown) {
        return generated == null ? null : new OptionConfigurer(generated, configuration, unknown);
    }

    /**
     * Registers such a configurer for a configuration class, whose properties are set through the component's:
     * {@code camel.component.<name>.configuration.<option>}. Camel looks into the registry first.
     *
     * @param configuration a class for which Camel generated a configurer
     */
    static void register(CamelContext context, Class<?> configuration) {
        PropertyConfigurer found =
                PluginHelper.getConfigurerResolver(context).resolvePropertyConfigurer(configuration.getName(), context);
        if (!(found instanceof OptionConfigurer)) {
            context.getRegistry().bind(configuration.getName(), of(found, configuration));
        }
    }

    /**
     * Sets an option.
     *
     * @return whether there is such an option
     * @throws IllegalArgumentException if the value is none of the option; the message names both, and what is allowed
     */
    @Override
    public boolean configure(CamelContext camelContext, Object target, String name, Object value, boolean ignoreCase) {
        String option = known(name, ignoreCase);
        Class<?> type = options.getOptionType(option, false);
        if (type == null) {
            if (unknown != null) {
                throw unknown.apply(name);
            }
            return false;
        }
        try {
            return generated.configure(camelContext, target, option, OptionValues.converted(value, type), false);
        } catch (RuntimeException e) {
            throw OptionValues.refusal(name, value, type, configuration, e);
        }
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
