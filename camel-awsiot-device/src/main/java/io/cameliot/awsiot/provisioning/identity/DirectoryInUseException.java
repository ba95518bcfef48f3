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
package io.cameliot.awsiot.provisioning.identity;

import java.io.IOException;
import java.nio.file.Path;

/** Another process, or another endpoint of this one, provisions a device in the same directory. */
public class DirectoryInUseException extends IOException {

    private static final long serialVersionUID = 1L;

    DirectoryInUseException(Path directory) {
        super("The directory " + directory + " is in use by another process, or by another endpoint of this one:"
                + " give each device a directory of its own, or let one endpoint provision it");
    }
}
