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
package io.cameliot.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.SimpleMain;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In the locale of this JVM, every option of both catalogs is found by its name in every spelling that Camel accepts.
 */
class OptionNamesTest {

    private static final Map<String, String> URIS = Map.of(
            "awsiot-device",
            "awsiot-device:topic?endpoint=a1b2c3-ats.iot.eu-west-1.amazonaws.com&authentication=sigv4"
                    + "&protocol=wss&accessKey=AKIDEXAMPLE&secretKey=RAW(hush)",
            "awsiot-provisioning",
            "awsiot-provisioning:factory?endpoint=a1b2c3-ats.iot.eu-west-1.amazonaws.com&identityDirectory=identity"
                    + "&certificateFile=claim.pem&privateKeyFile=claim.key",
            "azure-dps",
            "azure-dps:0ne00000001/dev?sharedAccessKey=RAW(AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=)");

    private final CamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void startCamel() {
        camel.start();
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    /** The spellings of a name. Where Camel ignores the case, every spelling is allowed. */
    enum Spelling {
        AS_DOCUMENTED(UnaryOperator.identity()),
        UPPER_CASE(name -> name.toUpperCase(Locale.ROOT)),
        LOWER_CASE(name -> name.toLowerCase(Locale.ROOT)),
        DASHED(StringHelper::camelCaseToDash);

        private final UnaryOperator<String> spell;

        Spelling(UnaryOperator<String> spell) {
            this.spell = spell;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "awsiot-device, AS_DOCUMENTED",
        "awsiot-device, UPPER_CASE",
        "awsiot-device, LOWER_CASE",
        "awsiot-provisioning, AS_DOCUMENTED",
        "awsiot-provisioning, UPPER_CASE",
        "awsiot-provisioning, LOWER_CASE",
        "azure-dps, AS_DOCUMENTED",
        "azure-dps, UPPER_CASE",
        "azure-dps, LOWER_CASE"
    })
    void everyOptionOfAnEndpoint(String scheme, Spelling spelling) {
        Endpoint endpoint = camel.getEndpoint(URIS.get(scheme));
        List<BaseOptionModel> options = settable(model(scheme).getEndpointParameterOptions());
        Map<String, Object> properties = new HashMap<>();
        options.forEach(option -> properties.put(spelling.spell.apply(option.getName()), value(option)));

        endpoint.configureProperties(properties);

        assertThat(properties).as("not set").isEmpty();
        assertSet(camel.getComponent(scheme).getEndpointPropertyConfigurer(), endpoint, options);
    }

    @ParameterizedTest
    @CsvSource({
        "awsiot-device, AS_DOCUMENTED, ''",
        "awsiot-device, DASHED, ''",
        "awsiot-device, LOWER_CASE, ''",
        "awsiot-device, DASHED, configuration.",
        "awsiot-provisioning, AS_DOCUMENTED, ''",
        "awsiot-provisioning, DASHED, ''",
        "awsiot-provisioning, LOWER_CASE, ''",
        "awsiot-provisioning, DASHED, configuration.",
        "azure-dps, AS_DOCUMENTED, ''",
        "azure-dps, DASHED, ''",
        "azure-dps, LOWER_CASE, ''",
        "azure-dps, DASHED, configuration."
    })
    void everyPropertyOfAComponent(String scheme, Spelling spelling, String within) throws Exception {
        List<BaseOptionModel> options = settable(model(scheme).getComponentOptions()).stream()
                .filter(option -> within.isEmpty() || option.getConfigurationField() != null)
                .toList();
        SimpleMain main = new SimpleMain(camel);
        options.forEach(option -> main.addInitialProperty(
                "camel.component." + scheme + "." + within + spelling.spell.apply(option.getName()), value(option)));

        main.start();

        Component component = camel.getComponent(scheme);
        assertSet(component.getComponentPropertyConfigurer(), component, options);
        main.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"awsiot-device", "awsiot-provisioning", "azure-dps"})
    void everyValueThatAnOptionCanHave(String scheme) {
        Endpoint endpoint = camel.getEndpoint(URIS.get(scheme));
        PropertyConfigurerGetter getter =
                (PropertyConfigurerGetter) camel.getComponent(scheme).getEndpointPropertyConfigurer();
        List<BaseOptionModel> enums = new ArrayList<>(model(scheme).getEndpointParameterOptions());
        enums.removeIf(option -> option.getEnums() == null);

        assertThat(enums).hasSizeGreaterThan(2).allSatisfy(option -> {
            for (String value : option.getEnums()) {
                for (String written : List.of(value, value.toUpperCase(Locale.ROOT))) {
                    endpoint.configureProperties(new HashMap<>(Map.of(option.getName(), written)));

                    assertThat(String.valueOf(getter.getOptionValue(endpoint, option.getName(), false)))
                            .isEqualTo(value);
                }
            }
        });
    }

    private ComponentModel model(String scheme) {
        return JsonMapper.generateComponentModel(Catalogs.json(camel, scheme));
    }

    /** Returns the options that can be set from text, each with a value. */
    private static List<BaseOptionModel> settable(List<? extends BaseOptionModel> options) {
        List<BaseOptionModel> settable = new ArrayList<>();
        for (BaseOptionModel option : options) {
            if (value(option) != null) {
                settable.add(option);
            }
        }
        assertThat(settable).hasSizeGreaterThan(20);
        return settable;
    }

    private static String value(BaseOptionModel option) {
        return switch (option.getType()) {
            case "string" -> "text";
            case "integer" -> "47";
            case "duration" -> "47s";
            case "boolean" -> String.valueOf(!Boolean.parseBoolean(String.valueOf(option.getDefaultValue())));
            case "enum" -> option.getEnums().get(option.getEnums().size() - 1);
            default -> null;
        };
    }

    /** An option with a duration stores milliseconds, or a {@code Duration} if the option is optional. */
    private static String expected(BaseOptionModel option, String value) {
        if (!value.equals("47s")) {
            return value;
        }
        return option.getJavaType().equals(Duration.class.getName())
                ? Duration.ofSeconds(47).toString()
                : "47000";
    }

    private static void assertSet(Object configurer, Object target, List<BaseOptionModel> options) {
        Map<String, String> expected = new TreeMap<>();
        Map<String, String> actual = new TreeMap<>();
        for (BaseOptionModel option : options) {
            String value = value(option);
            expected.put(option.getName(), expected(option, value));
            actual.put(
                    option.getName(),
                    String.valueOf(
                            ((PropertyConfigurerGetter) configurer).getOptionValue(target, option.getName(), true)));
        }
        assertThat(actual).isEqualTo(expected);
    }
}
