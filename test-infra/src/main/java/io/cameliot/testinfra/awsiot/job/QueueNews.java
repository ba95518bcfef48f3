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
package io.cameliot.testinfra.awsiot.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What a thing is told of its queue.
 *
 * @param thing the thing's name
 * @param list for {@code notify}: the executions that are pending, if some came or went
 * @param next for {@code notify-next}: the execution that is now the next, if that is another one
 */
public record QueueNews(String thing, Optional<ObjectNode> list, Optional<ObjectNode> next) {}
