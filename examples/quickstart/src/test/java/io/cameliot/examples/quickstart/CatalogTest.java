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

import io.cameliot.awsiot.AwsIotDeviceConstants;
import io.cameliot.awsiot.provisioning.AwsIotProvisioningConstants;
import io.cameliot.azure.dps.DpsConstants;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;
import org.apache.camel.util.SensitiveUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the component descriptions that tools read: the runtime catalog of a Camel context, and the catalog for IDEs.
 */
class CatalogTest {

    private final CamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void startCamel() {
        camel.start();
    }

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "awsiot-device, AWS IoT Device, camel-awsiot-device",
        "awsiot-provisioning, AWS IoT Fleet Provisioning, camel-awsiot-device",
        "azure-dps, Azure IoT Hub Device Provisioning Service, camel-azure-dps"
    })
    void describesTheComponent(String scheme, String title, String artifact) {
        ComponentModel component = component(scheme);

        assertThat(component.getTitle()).isEqualTo(title);
        assertThat(component.getDescription()).endsWith(".");
        assertThat(component.getArtifactId()).isEqualTo(artifact);
        assertThat(component.getGroupId()).isEqualTo("io.cameliot");
        assertThat(component.getLabel()).contains("iot", "cloud");
        assertThat(component.isAsync()).isTrue();
        assertThat(component.isRemote()).isTrue();
        assertThat(component.getSyntax()).startsWith(scheme + ":");
    }

    @ParameterizedTest
    @ValueSource(strings = {"awsiot-device", "awsiot-provisioning", "azure-dps"})
    void describesGroupsAndTypesEveryOption(String scheme) {
        ComponentModel component = component(scheme);
        List<BaseOptionModel> options = new ArrayList<>(component.getComponentOptions());
        options.addAll(component.getEndpointOptions());

        assertThat(options).hasSizeGreaterThan(40).allSatisfy(option -> {
            assertThat(option.getDescription()).as(option.getName()).matches("(?s)[A-Z].*");
            assertThat(option.getGroup()).as(option.getName()).isNotBlank();
            assertThat(option.getJavaType()).as(option.getName()).isNotBlank();
            assertThat(option.getDisplayName()).as(option.getName()).isNotBlank();
        });
    }

    /** The second parameter lists options that Camel's list of sensitive words matches although they are not secret. */
    @ParameterizedTest
    @CsvSource({
        "awsiot-device, 'clientId,tokenKeyName'",
        "awsiot-provisioning, 'clientId,keyGeneration,keyAlgorithm'",
        "azure-dps, ''",
    })
    void marksEverySecret(String scheme, String notSecret) {
        List<String> sensitive = component(scheme).getEndpointOptions().stream()
                .filter(option -> !option.isSecret())
                .map(BaseOptionModel::getName)
                .filter(SensitiveUtils::containsSensitive)
                .toList();

        assertThat(sensitive).isSubsetOf(notSecret.split(","));
        assertThat(component(scheme).getEndpointOptions())
                .filteredOn(BaseOptionModel::isSecret)
                .extracting(BaseOptionModel::getName)
                .contains("privateKeyFile", "privateKeyPassword", "keyStorePassword", "proxy");
    }

    @Test
    void listsEveryHeader() throws IllegalAccessException {
        assertThat(headers("awsiot-device")).containsExactlyInAnyOrderElementsOf(names(AwsIotDeviceConstants.class));
        assertThat(headers("awsiot-provisioning"))
                .containsExactlyInAnyOrderElementsOf(names(AwsIotProvisioningConstants.class));
        assertThat(headers("azure-dps")).containsExactlyInAnyOrderElementsOf(names(DpsConstants.class));
    }

    private List<String> headers(String scheme) {
        assertThat(component(scheme).getEndpointHeaders())
                .allSatisfy(header -> assertThat(header.getDescription()).endsWith("."));
        return component(scheme).getEndpointHeaders().stream()
                .map(ComponentModel.EndpointHeaderModel::getName)
                .toList();
    }

    private static List<String> names(Class<?> constants) throws IllegalAccessException {
        List<String> names = new ArrayList<>();
        for (Field field : constants.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.get(null) instanceof String name) {
                names.add(name);
            }
        }
        return names;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "awsiot-device:a/b?endpoint=e&qos=2 | qos",
                "awsiot-device:a/b?endpoint=e&protocol=tcp | protocol",
                "awsiot-device:a/b?endpoint=e&clientID=x | clientID",
                "awsiot-provisioning:t?endpoint=e&keyAlgorithm=DSA | keyAlgorithm",
                "awsiot-provisioning:t?endpoint=e&paramter.SerialNumber=1 | paramter",
                "azure-dps:0ne00000001/d?transport=amqp | transport",
                "azure-dps:0ne00000001/d?maxRetries=many | maxRetries",
            })
    void findsTheMistakeOfAUri(String uri, String option) {
        EndpointValidationResult result = Catalogs.ide(camel).validateEndpointProperties(uri);

        assertThat(result.isSuccess()).isFalse();
        assertThat(result.summaryErrorMessage(false)).contains(option);
    }

    @ParameterizedTest
    @CsvSource({"awsiot-device, topic", "awsiot-provisioning, template", "azure-dps, idScope"})
    void buildsAndReadsUris(String scheme, String path) throws Exception {
        CamelCatalog catalog = Catalogs.ide(camel);

        String uri = catalog.asEndpointUri(scheme, Map.of(path, "x", "connectTo", "h:1"), false);

        assertThat(uri).isEqualTo(scheme + ":x?connectTo=h:1");
        assertThat(catalog.endpointProperties(uri)).containsOnly(Map.entry(path, "x"), Map.entry("connectTo", "h:1"));
    }

    private ComponentModel component(String scheme) {
        return JsonMapper.generateComponentModel(Catalogs.json(camel, scheme));
    }
}
