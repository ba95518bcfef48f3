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

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Component;
import org.apache.camel.PropertyBindingException;
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

    /** An entry of an option that is a map: {@code option.key} or {@code option[key]}. */
    private static final Pattern ENTRY = Pattern.compile("([^.\\[]+)(?:\\.(.+)|\\[(.+)])");

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
     * @throws IllegalArgumentException if the component has no option for a property, or the value is none of the option
     */
    @Override
    @SuppressWarnings("unchecked") // only maps that were made here
    public void configure(String name, Component target) {
        String prefix = "camel.component." + name + ".";
        PropertyConfigurerGetter options = (PropertyConfigurerGetter) target.getComponentPropertyConfigurer();
        Map<String, Object> values = new LinkedHashMap<>();
        Map<String, String> spellings = new HashMap<>();
        binder.bind(prefix.substring(0, prefix.length() - 1), Bindable.mapOf(String.class, String.class))
                .ifBound(properties -> properties.forEach((property, value) -> {
                    Matcher entry = ENTRY.matcher(property);
                    String written = entry.matches() ? entry.group(1) : property;
                    // Relaxed binding: client-id, clientId, CLIENT_ID and an environment variable's clientid are the
                    // same.
                    String option = written.replaceAll("[-_]", "");
                    spellings.put(option, written);
                    if (!entry.matches()) {
                        values.put(option, value);
                    } else if (options.getOptionType(option, true) == Map.class) {
                        ((Map<String, Object>) values.computeIfAbsent(option, map -> new LinkedHashMap<>()))
                                .put(entry.group(2) != null ? entry.group(2) : entry.group(3), value);
                    } else {
                        // Without the value, which may be a secret.
                        throw new IllegalArgumentException("Property " + prefix + property + ": the component " + name
                                + " has no option " + written + " with entries of its own");
                    }
                }));
        try {
            PropertyBindingSupport.build()
                    .withCamelContext(target.getCamelContext())
                    .withTarget(target)
                    .withConfigurer(target.getComponentPropertyConfigurer())
                    .withIgnoreCase(true)
                    .withReflection(false)
                    .withMandatory(true)
                    .withProperties(values)
                    .bind();
        } catch (PropertyBindingException e) {
            // Without Camel's exception, which shows the value: that of a misspelt option may be a secret.
            Throwable reason = e.getCause();
            throw new IllegalArgumentException(
                    "Property " + prefix + spellings.get(e.getPropertyName()) + ": " + reason.getMessage(), reason);
        }
    }
}
