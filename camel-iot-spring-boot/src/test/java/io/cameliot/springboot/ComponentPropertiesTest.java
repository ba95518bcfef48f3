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

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.util.Throwables.getStackTrace;

import io.cameliot.awsiot.AwsIotDeviceComponent;
import io.cameliot.awsiot.AwsIotDeviceConfiguration;
import io.cameliot.awsiot.receive.AcknowledgementMode;
import io.cameliot.azure.dps.DpsComponent;
import io.cameliot.azure.dps.DpsConfiguration;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.catalog.RuntimeCamelCatalog;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.util.StringHelper;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Tests the conversion of Spring Boot properties to options of the components. */
class ComponentPropertiesTest {

    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(CamelAutoConfiguration.class, IotComponentAutoConfiguration.class));

    @ParameterizedTest
    @ValueSource(strings = {"client-id", "clientId", "clientid", "CLIENT_ID"})
    void takesEverySpellingOfRelaxedBinding(String spelling) {
        application
                .withPropertyValues("camel.component.awsiot-device." + spelling + "=sensor-1")
                .run(context -> assertThat(
                                aws(context.getBean(CamelContext.class)).getClientId())
                        .isEqualTo("sensor-1"));
    }

    @Test
    void takesEnvironmentVariables() {
        application
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "test-systemEnvironment", Map.of("CAMEL_COMPONENT_AWSIOTDEVICE_CLIENTID", "sensor-2"))))
                .run(context -> assertThat(
                                aws(context.getBean(CamelContext.class)).getClientId())
                        .isEqualTo("sensor-2"));
    }

    @Test
    void convertsValuesAndResolvesPlaceholdersAndBeans() {
        SSLContextParameters tls = new SSLContextParameters();
        application
                .withBean("tls", SSLContextParameters.class, () -> tls)
                .withPropertyValues(
                        "aws.account=a1b2c3",
                        "camel.component.awsiot-device.endpoint={{aws.account}}-ats.iot.eu-west-1.amazonaws.com",
                        "camel.component.awsiot-device.region=${aws.account}-1",
                        "camel.component.awsiot-device.connection-timeout=5s",
                        "camel.component.awsiot-device.clean-session=false",
                        "camel.component.awsiot-device.acknowledgement=onReceive",
                        "camel.component.awsiot-device.ssl-context-parameters=#bean:tls",
                        "camel.component.awsiot-device.health-check-producer-enabled=false")
                .run(context -> {
                    CamelContext camel = context.getBean(CamelContext.class);
                    AwsIotDeviceConfiguration options = aws(camel);
                    assertThat(options.getEndpoint()).isEqualTo("a1b2c3-ats.iot.eu-west-1.amazonaws.com");
                    assertThat(options.getRegion()).isEqualTo("a1b2c3-1");
                    assertThat(options.getConnectionTimeout()).isEqualTo(5000);
                    assertThat(options.isCleanSession()).isFalse();
                    assertThat(options.getAcknowledgement()).isEqualTo(AcknowledgementMode.onReceive);
                    assertThat(options.getSslContextParameters()).isSameAs(tls);
                    assertThat(camel.getComponent("awsiot-device", AwsIotDeviceComponent.class)
                                    .isHealthCheckProducerEnabled())
                            .isFalse();
                });
    }

    @Test
    void takesTheEntriesOfAMap() {
        application
                .withPropertyValues(
                        "camel.component.awsiot-device.will-user-properties[site]=north",
                        "camel.component.awsiot-device.will-user-properties[Line-2]=on")
                .run(context -> assertThat(
                                aws(context.getBean(CamelContext.class)).getWillUserProperties())
                        .containsOnly(entry("site", "north"), entry("Line-2", "on")));
    }

    @Test
    void refusesAnEntryOfWhatIsNoMap() {
        application
                .withPropertyValues("camel.component.awsiot-device.token.part=hush")
                .run(context -> assertThatThrownBy(() -> aws(context.getBean(CamelContext.class)))
                        .hasStackTraceContaining("Property camel.component.awsiot-device.token.part")
                        .satisfies(failure -> assertThat(getStackTrace(failure)).doesNotContain("hush")));
    }

    @Test
    void configuresEachComponentByItsOwnProperties() {
        application
                .withPropertyValues(
                        "camel.component.awsiot-device.connect-to=127.0.0.1:1",
                        "camel.component.azure-dps.connect-to=127.0.0.1:2",
                        "camel.component.azure-dps.shared-access-key=a2V5+/k=")
                .run(context -> {
                    CamelContext camel = context.getBean(CamelContext.class);
                    assertThat(aws(camel).getConnectTo()).isEqualTo("127.0.0.1:1");
                    DpsConfiguration dps =
                            camel.getComponent("azure-dps", DpsComponent.class).getConfiguration();
                    assertThat(dps.getConnectTo()).isEqualTo("127.0.0.1:2");
                    assertThat(dps.getSharedAccessKey()).isEqualTo("a2V5+/k=");
                });
    }

    @Test
    void refusesAPropertyThatNamesNoOptionAndKeepsItsValueSecret() {
        application
                .withPropertyValues("camel.component.awsiot-device.secret-keyy=hush")
                .run(context -> assertThatThrownBy(() -> aws(context.getBean(CamelContext.class)))
                        .hasStackTraceContaining("Property camel.component.awsiot-device.secret-keyy: The component"
                                + " awsiot-device has no option secretkeyy (did you mean secretKey?)")
                        .satisfies(failure -> assertThat(getStackTrace(failure)).doesNotContain("hush")));
    }

    /** Without a Spring application for each, which takes a while. */
    @ParameterizedTest
    @ValueSource(strings = {"awsiot-device", "awsiot-provisioning", "azure-dps"})
    void saysWhatEveryOptionAllowsWhereTheValueIsNone(String name) throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            camel.start();
            List<String> options = optionsOtherThanTexts(camel, name);
            assertThat(options).hasSizeGreaterThan(10).allSatisfy(option -> {
                String property = "camel.component." + name + "." + option;
                Binder binder = new Binder(new MapConfigurationPropertySource(Map.of(property, "wrong")));

                assertThatThrownBy(() -> new ComponentProperties(binder).configure(name, camel.getComponent(name)))
                        .hasMessageStartingWith("Property " + property + ": Option ")
                        .message()
                        .containsIgnoringCase(option.replace("-", "") + "=wrong is no")
                        .containsPattern("not one of \\[|not a whole number|not a duration: give|not true or false"
                                + "|no bean: give #name|no map: give each entry");
            });
        }
    }

    private static List<String> optionsOtherThanTexts(CamelContext camel, String name) throws Exception {
        String json = camel.getCamelContextExtension()
                .getContextPlugin(RuntimeCamelCatalog.class)
                .componentJSonSchema(name);
        JsonObject options = ((JsonObject) Jsoner.deserialize(json)).getMap("componentProperties");
        PropertyConfigurerGetter types =
                (PropertyConfigurerGetter) camel.getComponent(name).getComponentPropertyConfigurer();
        return options.keySet().stream()
                .filter(option -> types.getOptionType(option, false) != String.class)
                .map(StringHelper::camelCaseToDash)
                .toList();
    }

    private static AwsIotDeviceConfiguration aws(CamelContext camel) {
        return camel.getComponent("awsiot-device", AwsIotDeviceComponent.class).getConfiguration();
    }
}
