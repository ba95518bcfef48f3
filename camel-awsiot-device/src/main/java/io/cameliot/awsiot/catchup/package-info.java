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
 * Catch-up of a consumer with the state that it missed while it was offline. The consumer asks for the state after each
 * new connection, and the route gets it once.
 *
 * <p>Used by other packages: {@link io.cameliot.awsiot.catchup.CatchUp},
 * {@link io.cameliot.awsiot.catchup.CatchUpTopic}.
 */
package io.cameliot.awsiot.catchup;
