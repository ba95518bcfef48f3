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
package io.cameliot.testinfra.awsiot;

import io.cameliot.testinfra.awsiot.auth.CustomAuthorizers;
import io.cameliot.testinfra.awsiot.auth.DeviceCertificates;
import io.cameliot.testinfra.awsiot.auth.Policies;
import io.cameliot.testinfra.awsiot.auth.SigV4Verifier;
import io.cameliot.testinfra.awsiot.credentials.RoleAliases;
import io.cameliot.testinfra.awsiot.provisioning.CertificateDescription;
import io.cameliot.testinfra.awsiot.provisioning.FleetProvisioning;
import io.cameliot.testinfra.awsiot.service.EmulatorClock;
import io.cameliot.testinfra.awsiot.session.GatewaySettings;
import io.cameliot.testinfra.pki.KeyType;
import io.cameliot.testinfra.pki.TestCertificateAuthority;
import java.time.Clock;

/** The identities of an emulated account. They exist as long as the emulator, whether it is started or not. */
final class EmulatedAccount {
    private final EmulatorClock clock = new EmulatorClock();
    private final TestCertificateAuthority deviceAuthority;
    private final Policies policies = new Policies();
    private final CustomAuthorizers authorizers = new CustomAuthorizers();
    private final SigV4Verifier verifier;
    private final FleetProvisioning provisioning;
    private final DeviceCertificates devices;
    private final RoleAliases roleAliases;

    EmulatedAccount(String region, TestCertificateAuthority deviceAuthority, KeyType createdKeys) {
        this.deviceAuthority = deviceAuthority;
        verifier = new SigV4Verifier(region, Clock.systemUTC(), clock);
        provisioning = new FleetProvisioning(region, deviceAuthority, createdKeys, policies, clock);
        devices = new DeviceCertificates(provisioning.certificates()::admits);
        devices.register(deviceAuthority.certificate());
        roleAliases = new RoleAliases(
                verifier,
                policies,
                id -> provisioning.certificates().find(id).flatMap(CertificateDescription::thingName),
                clock);
    }

    GatewaySettings.Identities identities() {
        return new GatewaySettings.Identities(devices, verifier, authorizers, policies);
    }

    GatewaySettings.Account services() {
        return new GatewaySettings.Account(clock, provisioning, roleAliases);
    }

    TestCertificateAuthority deviceAuthority() {
        return deviceAuthority;
    }

    DeviceCertificates devices() {
        return devices;
    }

    SigV4Verifier verifier() {
        return verifier;
    }

    CustomAuthorizers authorizers() {
        return authorizers;
    }

    Policies policies() {
        return policies;
    }

    FleetProvisioning provisioning() {
        return provisioning;
    }

    RoleAliases roleAliases() {
        return roleAliases;
    }
}
