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

import io.cameliot.awsiot.failure.AwsReasons;
import io.cameliot.awsiot.provisioning.flow.ProvisioningAction.Finish;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectFailed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.ConnectionLost;
import io.cameliot.awsiot.provisioning.flow.ProvisioningEvent.FilesFailed;
import io.cameliot.awsiot.provisioning.flow.ProvisioningOutcome.NotProvisioned;
import io.cameliot.awsiot.provisioning.wire.RejectionAdvice;
import io.cameliot.awsiot.provisioning.wire.ServiceRejection;
import io.cameliot.common.text.ForeignText;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Creates the outcomes of provisionings that fail. Each says what the user can do about it. */
final class Failures {

    static final String NO_ANSWER = "no answer came in time (requestTimeout)";

    static final String MAYBE_REGISTERED =
            "the ownership token of the certificate is used up or has expired, and AWS IoT Core has not refused the"
                    + " certificate itself";

    private static final String CHECK_CLAIM =
            " Check that the claim certificate is registered, active and not expired (a certificate of"
                    + " CreateProvisioningClaim lives five minutes), and that its policy allows iot:Connect for the"
                    + " client id.";

    private Failures() {}

    static NotProvisioned rejected(ProvisioningState state, ServiceRejection rejection) {
        return rejected(state.step(), rejection, sentence(rejection(rejection)), false);
    }

    /** Returns what AWS answered, as text that can go on. */
    static String rejection(ServiceRejection rejection) {
        return "AWS IoT Core answered " + rejection.describe();
    }

    static NotProvisioned retriesExhausted(ProvisioningState state, ServiceRejection rejection) {
        return rejected(state.step(), rejection, sentence(gaveUp(state) + rejection(rejection)), true);
    }

    /**
     * Adds a rejection to the outcome that it leads to.
     *
     * @param last the end of a provisioning that has no time left to repeat the request
     */
    static NotProvisioned notRetried(Finish last, ServiceRejection rejection) {
        NotProvisioned outcome = (NotProvisioned) last.outcome();
        return rejected(outcome.step(), rejection, outcome.problem(), outcome.retryable());
    }

    private static NotProvisioned rejected(
            ProvisioningStep step, ServiceRejection rejection, String problem, boolean retryable) {
        String advice =
                RejectionAdvice.of(rejection, step == ProvisioningStep.CREATE).whatToDo();
        return new NotProvisioned(step, Optional.of(rejection), problem + " " + advice, retryable, null);
    }

    static NotProvisioned retriesExhausted(
            ProvisioningState state, String problem, Throwable cause, ProvisioningPolicy policy) {
        return failure(state, sentence(gaveUp(state) + problem) + silence(state, policy), true, cause);
    }

    private static String gaveUp(ProvisioningState state) {
        return "Gave up after " + state.failures() + " retries in a row (maxRetries): ";
    }

    /** Returns the likely reason why the connection with the claim ends or stays silent. */
    private static String silence(ProvisioningState state, ProvisioningPolicy policy) {
        return switch (state.step()) {
            case SUBSCRIBE ->
                " AWS IoT Core also closes the connection when the policy of the claim certificate does not allow a"
                        + " subscription: check that it allows iot:Subscribe and iot:Receive on "
                        + String.join(", ", policy.filters()) + ".";
            case CREATE, REGISTER ->
                " AWS IoT Core closes the connection, or does not answer, when " + claimPolicy(state, policy);
            default -> "";
        };
    }

    private static String claimPolicy(ProvisioningState state, ProvisioningPolicy policy) {
        String topic = state.step() == ProvisioningStep.CREATE
                ? policy.create().topic()
                : policy.register().topic();
        return "the policy of the claim certificate does not allow iot:Publish on topic/" + topic
                + ": check it"
                + (topic.contains("from-csr") ? ", because $aws/certificates/create/* does not cover it" : "")
                + ".";
    }

    static NotProvisioned notAuthorized(ProvisioningState state, ConnectionLost lost, ProvisioningPolicy policy) {
        String problem = state.step() == ProvisioningStep.CREATE || state.step() == ProvisioningStep.REGISTER
                ? " Probably " + claimPolicy(state, policy)
                : " Check the policy of the claim certificate.";
        return failure(state, sentence(lost.reason()) + problem, false, lost.cause());
    }

    static String subscriptionProblem(int code, String filter) {
        return "the server refused the subscription to " + filter + " (0x" + Integer.toHexString(code) + ")";
    }

    static NotProvisioned subscriptionRefused(ProvisioningState state, int code, String filter) {
        String advice = AwsReasons.subscribe(code, filter);
        return failure(
                state,
                "The server refused the subscription to " + filter + " (0x"
                        + Integer.toHexString(code).toUpperCase(Locale.ROOT) + "). The policy of the claim certificate"
                        + " must allow iot:Subscribe on topicfilter/" + filter + " and iot:Receive on topic/" + filter
                        + (filter.contains("from-csr") ? "; $aws/certificates/create/* does not cover it" : "")
                        + (advice.isEmpty() ? "." : ". " + sentence(advice)),
                false,
                null);
    }

    static NotProvisioned cannotConnect(ProvisioningState state, ConnectFailed failed) {
        boolean device = state.step() == ProvisioningStep.PROVE;
        String advice = "";
        if (failed.isRefusal() && device) {
            advice = " The thing is registered as "
                    + state.thing()
                            .map(thing -> ForeignText.shown(thing.name()))
                            .orElse("an unknown name")
                    + ": check that the template makes its certificate active, and that the policy of the template"
                    + " allows iot:Connect with the name of the thing as client id. The next start tries the"
                    + " certificate again; if AWS has deleted it, provision with reprovision=true.";
        } else if (failed.isRefusal()) {
            advice = CHECK_CLAIM;
        }
        return failure(state, sentence(failed.reason()) + advice, false, failed.cause());
    }

    /**
     * Adds the likely reason why AWS closes the connections of the claim, which it does without a reason.
     *
     * @param last the end of a provisioning that does not connect once more
     */
    static NotProvisioned claimClosed(Finish last) {
        NotProvisioned outcome = (NotProvisioned) last.outcome();
        return new NotProvisioned(
                outcome.step(),
                outcome.rejection(),
                outcome.problem() + CHECK_CLAIM,
                outcome.retryable(),
                outcome.cause());
    }

    static NotProvisioned malformedAnswer(ProvisioningState state, String topic, String problem) {
        return failure(
                state,
                "The answer on topic " + ForeignText.shown(topic) + " could not be read: " + problem + ".",
                false,
                null);
    }

    static NotProvisioned filesFailed(ProvisioningState state, FilesFailed failed) {
        return failure(state, sentence(failed.reason()), failed.passing(), failed.cause());
    }

    static NotProvisioned deadlinePassed(ProvisioningState state, Duration timeout) {
        return failure(
                state,
                "Not done within provisioningTimeout=" + timeout.toMillis() + " ms" + latest(state) + ".",
                true,
                null);
    }

    static NotProvisioned pauseTooLong(ProvisioningState state, Duration pause, Duration timeout, String problem) {
        return failure(
                state,
                sentence(problem) + " The next attempt is due in " + pause.toMillis()
                        + " ms, which is after provisioningTimeout=" + timeout.toMillis()
                        + " ms. Raise provisioningTimeout, or provision again later.",
                true,
                null);
    }

    static NotProvisioned cancelled(ProvisioningState state, String reason, Throwable cause) {
        return failure(state, sentence(reason), true, cause);
    }

    private static String latest(ProvisioningState state) {
        return state.lastProblem()
                .map(problem -> "; the latest problem was: " + problem)
                .orElse("");
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private static NotProvisioned failure(ProvisioningState state, String problem, boolean retryable, Throwable cause) {
        return new NotProvisioned(state.step(), Optional.empty(), problem, retryable, cause);
    }
}
