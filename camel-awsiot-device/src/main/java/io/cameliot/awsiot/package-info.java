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
 * The Camel API of {@code awsiot-device:}: component, endpoint, configuration, producer, consumer, header names, and
 * the classes that check the options and create settings from them.
 *
 * <p>Public API: {@link io.cameliot.awsiot.AwsIotDeviceComponent}, {@link io.cameliot.awsiot.AwsIotDeviceEndpoint},
 * {@link io.cameliot.awsiot.AwsIotDeviceConfiguration} and {@link io.cameliot.awsiot.AwsIotDeviceConstants}. The
 * package depends on all other packages of the component. Of those, {@link io.cameliot.awsiot.message} and
 * {@code route} use this package, and only its header names.
 */
package io.cameliot.awsiot;
