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
 * Temporary AWS credentials that a device gets from AWS IoT with its certificate, by a role alias.
 *
 * <p>Public API: {@link io.cameliot.awsiot.credentials.RoleAliasCredentialsProvider} and
 * {@link io.cameliot.awsiot.credentials.RoleAliasException}. The package depends on no connection but that of HTTPS.
 *
 * @see <a href="https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html">AWS IoT Developer
 *     Guide, Authorizing direct calls to AWS services using AWS IoT Core credential provider</a>
 */
package io.cameliot.awsiot.credentials;
