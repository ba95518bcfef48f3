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
import java.time.Duration;
import java.util.Optional;

/**
 * The complete state of a provisioning between two events.
 *
 * @param step the event that it waits for
 * @param certificate the certificate that waits on the disk, if there is one
 * @param opened whether the identity directory was read
 * @param connected whether the connection with the claim is open
 * @param proven whether AWS has accepted the certificate although the name of the thing is unknown
 * @param trouble the recent failures
 */
public record ProvisioningState(
        ProvisioningStep step,
        Optional<Certificate> certificate,
        boolean opened,
        boolean connected,
        boolean proven,
        Trouble trouble) {

    /**
     * The certificate that waits on the disk.
     *
     * @param token its ownership token
     * @param validUntil when the token expires, from the start of the provisioning
     * @param uncertain whether the token may be used up or expired: an earlier run created the certificate, or the answer to
     *     its registration was lost, or says that AWS had a problem
     * @param asked whether its registration was asked for, or may have been, and the answer is missing
     * @param refusals the number of connections with it that AWS has closed without a reason since it may have been
     *     registered; {@link #REFUSED} if AWS has refused one
     * @param thing the thing, if the answer to the registration is known
     * @param unauthorized how often AWS has not authorized it to resume the session of the device
     */
    record Certificate(
            String token,
            Duration validUntil,
            boolean uncertain,
            boolean asked,
            int refusals,
            Optional<RegisteredThing> thing,
            int unauthorized) {

        static final int REFUSED = Integer.MAX_VALUE;

        /** How long AWS keeps a certificate that is not registered. */
        private static final Duration TOKEN_VALIDITY = Duration.ofHours(1);

        static Certificate created(String token, Duration now) {
            return new Certificate(token, now.plus(TOKEN_VALIDITY), false, false, 0, Optional.empty(), 0);
        }

        static Certificate leftBehind(PendingCertificate left, Duration now) {
            // A clock that was set back makes the age negative.
            Duration age = left.age().isNegative() ? Duration.ZERO : left.age();
            return new Certificate(
                    left.ownershipToken(),
                    now.plus(TOKEN_VALIDITY).minus(age),
                    true,
                    left.thing().isEmpty(),
                    0,
                    left.thing(),
                    0);
        }

        Certificate asked(boolean again) {
            return new Certificate(token, validUntil, uncertain, again, refusals, thing, unauthorized);
        }

        Certificate withoutAnswer() {
            return new Certificate(token, validUntil, true, true, 0, thing, unauthorized);
        }

        /** AWS had a problem of its own with the registration, which can have taken effect. */
        Certificate afterProblem() {
            return new Certificate(token, validUntil, true, false, 0, thing, unauthorized);
        }

        /** AWS has let in no connection with it. */
        Certificate refused(boolean withReason) {
            int sum = withReason || refusals == REFUSED ? REFUSED : refusals + 1;
            return new Certificate(token, validUntil, uncertain, false, sum, thing, unauthorized);
        }

        Certificate notAuthorizedToResume() {
            return new Certificate(token, validUntil, uncertain, asked, refusals, thing, unauthorized + 1);
        }

        /** What it met before it was registered says nothing about it any more. */
        Certificate of(RegisteredThing registered) {
            return new Certificate(token, validUntil, uncertain, false, 0, Optional.of(registered), unauthorized);
        }

        boolean isValid(Duration now) {
            return now.compareTo(validUntil) < 0;
        }

        /** Shows no token. */
        @Override
        public String toString() {
            return "Certificate[" + validUntil + ", " + uncertain + ", " + asked + ", " + refusals + ", " + thing + ", "
                    + unauthorized + "]";
        }
    }

    /**
     * The failed attempts.
     *
     * @param inARow the number of failures since AWS last made progress
     * @param latest the problem of the latest failure
     */
    record Trouble(int inARow, Optional<String> latest) {

        static final Trouble NONE = new Trouble(0, Optional.empty());

        Trouble and(String problem) {
            return new Trouble(inARow + 1, Optional.of(problem));
        }

        /** Resets the count. The latest problem is kept for the message of a later failure. */
        Trouble over() {
            return new Trouble(0, latest);
        }
    }

    /** The state before the queue admits the device. */
    public static final ProvisioningState INITIAL =
            new ProvisioningState(ProvisioningStep.QUEUED, Optional.empty(), false, false, false, Trouble.NONE);

    ProvisioningState at(ProvisioningStep next) {
        return new ProvisioningState(next, certificate, opened, connected, proven, trouble);
    }

    ProvisioningState with(Certificate waiting) {
        return new ProvisioningState(step, Optional.of(waiting), opened, connected, proven, trouble);
    }

    ProvisioningState withoutCertificate() {
        return new ProvisioningState(step, Optional.empty(), opened, connected, false, trouble);
    }

    ProvisioningState connected(boolean open) {
        return new ProvisioningState(step, certificate, opened, open, proven, trouble);
    }

    ProvisioningState asOpened() {
        return new ProvisioningState(step, certificate, true, connected, proven, trouble);
    }

    ProvisioningState asProven() {
        return new ProvisioningState(step, certificate, opened, connected, true, trouble);
    }

    ProvisioningState progressed() {
        return new ProvisioningState(step, certificate, opened, connected, proven, trouble.over());
    }

    ProvisioningState failed(String problem) {
        return new ProvisioningState(step, certificate, opened, false, proven, trouble.and(problem));
    }

    Certificate waiting() {
        return certificate.orElseThrow();
    }

    Optional<RegisteredThing> thing() {
        return certificate.flatMap(Certificate::thing);
    }

    /** Whether AWS has refused the certificate, or has closed every connection of this run with it. */
    boolean isRefused() {
        return waiting().refusals() > failures();
    }

    boolean isUncertain() {
        return certificate.map(Certificate::uncertain).orElse(false);
    }

    int failures() {
        return trouble.inARow();
    }

    Optional<String> lastProblem() {
        return trouble.latest();
    }
}
