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
package io.cameliot.testinfra.awsiot.shadow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What the world is told of an update.
 *
 * @param accepted the answer to who asked for it
 * @param delta what is wanted and is not so, if anything; of the same version as the answer
 * @param documents the shadow before and after
 */
public record ShadowChange(ObjectNode accepted, Optional<ObjectNode> delta, ObjectNode documents) {}
