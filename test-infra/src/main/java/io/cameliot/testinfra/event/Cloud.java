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
package io.cameliot.testinfra.event;

/** The cloud that an emulator stands for. */
public enum Cloud {
    /** AWS IoT Core. */
    AWS_IOT("AWS IoT"),
    /** The Azure IoT Hub Device Provisioning Service. */
    AZURE_DPS("Azure DPS"),
    /** Azure IoT Hub, to which the service assigns devices. */
    AZURE_IOT_HUB("Azure IoT Hub");

    private final String title;

    Cloud(String title) {
        this.title = title;
    }

    /**
     * Returns the name for readers.
     *
     * @return such as {@code AWS IoT}
     */
    public String title() {
        return title;
    }
}
