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
 * The words of MQTT 3.1.1 and 5: messages and their properties, topics, reason codes, what a client asks for in its CONNECT
 * and what a server grants in its CONNACK.
 *
 * <p>All of it is for use from outside. Knows no connection and no component.
 */
package io.cameliot.common.mqtt;
