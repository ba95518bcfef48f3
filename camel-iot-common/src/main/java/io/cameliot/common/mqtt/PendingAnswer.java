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
package io.cameliot.common.mqtt;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Waits for a SUBACK or an UNSUBACK.
 *
 * @param isSubscribe whether the answer is a SUBACK
 * @param filters how many the request had
 * @param answer completes with a reason code for each filter
 */
record PendingAnswer(boolean isSubscribe, int filters, CompletableFuture<List<Integer>> answer) {}
