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
package io.cameliot.azure.dps.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The stored data of an assignment.
 *
 * @param operationId the operation that assigned the device
 * @param credentialOption the option whose key, token or certificate was accepted
 * @param registrationState the service's description of the registration
 */
public record StoredAssignment(String operationId, String credentialOption, ObjectNode registrationState) {}
