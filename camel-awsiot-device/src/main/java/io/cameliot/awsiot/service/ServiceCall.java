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
package io.cameliot.awsiot.service;

import java.util.List;

/**
 * A request to one topic.
 *
 * @param topic topic of the request
 * @param accepted topic of the answer that accepts the request
 * @param rejected topic of the answer that rejects the request
 * @param filters topic filters that match both answer topics
 * @param target the thing, or the topic if there is no thing; the number of requests in flight is limited per target
 * @param shadow name of a named shadow; null for other requests
 */
public record ServiceCall(
        ReservedRequest request,
        String topic,
        String accepted,
        String rejected,
        List<String> filters,
        String target,
        String shadow) {}
