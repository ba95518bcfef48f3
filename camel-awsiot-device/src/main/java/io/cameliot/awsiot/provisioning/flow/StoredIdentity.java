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
package io.cameliot.awsiot.provisioning.flow;

import io.cameliot.awsiot.provisioning.wire.RegisteredThing;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The identity of a device in its directory.
 *
 * @param certificateId AWS's id of the certificate, the SHA-256 of its DER form in hex
 * @param certificateFile the certificate as PEM
 * @param privateKeyFile its private key as PEM
 * @param thing the thing; empty if the files were put there by someone else, or if the answer with its name was lost
 */
public record StoredIdentity(
        String certificateId, Path certificateFile, Path privateKeyFile, Optional<RegisteredThing> thing) {}
