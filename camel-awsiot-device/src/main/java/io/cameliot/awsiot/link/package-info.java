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
/**
 * A connection that is kept up and shared by all endpoints with equal settings. {@link io.cameliot.awsiot.link.machine}
 * decides what it does next.
 *
 * <p>For use from outside: {@link io.cameliot.awsiot.link.AwaitConnection}, the values of an option. It does not depend
 * on exchanges, the outbox or requests.
 */
package io.cameliot.awsiot.link;
