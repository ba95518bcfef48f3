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
package io.cameliot.examples.camelk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The settings of the workers' Deployment for the processes in its pods.
 *
 * @param replicas the number of pods
 * @param configMapKeys the key in the config map for each environment variable
 * @param credentials the folder where the secret with certificate and key is mounted
 */
record WorkerDeployment(int replicas, Map<String, String> configMapKeys, Path credentials) {

    static WorkerDeployment read(Path file) {
        try {
            JsonNode deployment = new YAMLMapper().readTree(file.toFile());
            JsonNode container = deployment.requiredAt("/spec/template/spec/containers/0");
            Map<String, String> configMapKeys = new LinkedHashMap<>();
            container
                    .required("env")
                    .forEach(variable -> configMapKeys.put(
                            variable.required("name").textValue(),
                            variable.requiredAt("/valueFrom/configMapKeyRef/key")
                                    .textValue()));
            return new WorkerDeployment(
                    deployment.requiredAt("/spec/replicas").intValue(),
                    configMapKeys,
                    Path.of(container.requiredAt("/volumeMounts/0/mountPath").textValue()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the environment of a pod's process for the entries of the config map. */
    Map<String, String> environment(String pod, Map<String, String> configMap) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("HOSTNAME", pod);
        configMapKeys.forEach(
                (variable, key) -> environment.put(variable, Objects.requireNonNull(configMap.get(key), key)));
        return environment;
    }
}
