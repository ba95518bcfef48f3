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
package io.cameliot.testinfra.dps.session;

import io.cameliot.testinfra.dps.service.RegistrationIds;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The user name of CONNECT: {@code {idScope}/registrations/{registrationId}/api-version={version}}, optionally followed
 * by {@code &ClientVersion={text}}. Unlike IoT Hub's, it has no {@code ?}.
 */
record DpsUserName(String idScope, String registrationId) {

    /** The versions published until 2026. It is an assumption that the service refuses others. */
    private static final Set<String> API_VERSIONS = Set.of(
            "2017-08-31-preview",
            "2018-09-01-preview",
            "2018-11-01",
            "2019-03-31",
            "2021-06-01",
            "2021-10-01",
            "2021-11-01-preview",
            "2025-07-01-preview",
            "2026-11-01",
            "2026-11-02-preview",
            "2026-11-15-preview");

    /**
     * The client version can be any text: the vendor's embedded C client sends the user's text. It is an assumption
     * that no other property may follow; the vendor's clients send none.
     */
    private static final Pattern FORM = Pattern.compile(
            "(?<scope>[^/]+)/registrations/(?<id>[^/]+)" + "/api-version=(?<version>[^&]+)(&ClientVersion=.*)?");

    /** Parses a user name; returns no value for another form. */
    static Optional<DpsUserName> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()
                || !RegistrationIds.isValid(matcher.group("id"))
                || !API_VERSIONS.contains(matcher.group("version"))) {
            return Optional.empty();
        }
        return Optional.of(new DpsUserName(matcher.group("scope"), matcher.group("id")));
    }
}
