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
package io.cameliot.springboot;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.PropertyBindingSupport;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * Sets the options of a component from the properties {@code camel.component.<name>.*}, with the configurer that Camel
 * generates for the component. It therefore supports every option of the component, including future ones.
 */
final class ComponentProperties implements ComponentCustomizer {

    private static final Set<String> COMPONENTS = Set.of("awsiot-device", "awsiot-provisioning", "azure-dps");

    private final Binder binder;

    ComponentProperties(Binder binder) {
        this.binder = binder;
    }

    @Override
    public boolean isEnabled(String name, Component target) {
        return COMPONENTS.contains(name);
    }

    /**
     * Called by Camel after it has created the component and before it creates an endpoint.
     *
     * @throws IllegalArgumentException if the component has no option for a property
     */
    @Override
    public void configure(String name, Component target) {
        String prefix = "camel.component." + name;
        PropertyConfigurerGetter options = (PropertyConfigurerGetter) target.getComponentPropertyConfigurer();
        Map<String, Object> values = new LinkedHashMap<>();
        binder.bind(prefix, Bindable.mapOf(String.class, String.class))
                .ifBound(properties -> properties.forEach((property, value) -> {
                    // Relaxed binding: client-id, clientId, CLIENT_ID and an environment variable's clientid are the
                    // same.
                    String option = property.replaceAll("[-_]", "");
                    if (options.getOptionType(option, true) == null) {
                        // Without the value, which may be a secret.
                        throw new IllegalArgumentException(
                                "Property " + prefix + "." + property + " names no option of the component " + name);
                    }
                    values.put(option, value);
                }));
        PropertyBindingSupport.build()
                .withCamelContext(target.getCamelContext())
                .withTarget(target)
                .withConfigurer(target.getComponentPropertyConfigurer())
                .withIgnoreCase(true)
                .withReflection(false)
                .withMandatory(true)
                .withProperties(values)
                .bind();
    }
}
