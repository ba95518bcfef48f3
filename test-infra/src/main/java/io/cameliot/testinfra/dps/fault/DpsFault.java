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
package io.cameliot.testinfra.dps.fault;

import io.cameliot.testinfra.dps.DpsEmulator;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A fault at one step of a registration, on the network or in the service. A test injects faults with
 * {@link DpsEmulator#inject}; they never occur at random.
 * <pre>{@code
 * emulator.inject("boiler-7", new DpsFault.DropBefore(DpsStep.CONNECT), 2);
 * emulator.inject("boiler-7", DpsFault.Answer.throttled(DpsStep.POLL, 5), 1);
 * }</pre>
 */
public sealed interface DpsFault {

    /**
     * Returns the step at which the fault occurs.
     *
     * @return the step
     */
    DpsStep step();

    /**
     * Ends the TLS handshake with the alert {@code handshake_failure}. Only for any device, not for a particular one.
     */
    record RefuseHandshake() implements DpsFault {
        @Override
        public DpsStep step() {
            return DpsStep.HANDSHAKE;
        }
    }

    /**
     * Closes the connection instead of sending the answer: CONNACK, SUBACK, or the answer to a request. The request
     * still takes effect and, at QoS 1, is acknowledged.
     *
     * @param step CONNECT or a later one
     */
    record DropBefore(DpsStep step) implements DpsFault {
        /** Checks the step. */
        public DropBefore {
            requireConnected(step);
        }
    }

    /**
     * Closes the connection after the answer. A client can lose an answer if the connection ends immediately after it.
     *
     * @param step CONNECT or a later one
     * @param by time between the answer and the close
     */
    record DropAfter(DpsStep step, Duration by) implements DpsFault {
        /** Checks the step. */
        public DropAfter {
            requireConnected(step);
        }
    }

    /**
     * Sends no answer and leaves the connection open.
     *
     * @param step CONNECT or a later one
     */
    record Withhold(DpsStep step) implements DpsFault {
        /** Checks the step. */
        public Withhold {
            requireConnected(step);
        }
    }

    /**
     * Sends the answer late, if the connection is still open then.
     *
     * @param step CONNECT or a later one
     * @param by the delay
     */
    record Delay(DpsStep step, Duration by) implements DpsFault {
        /** Checks the step. */
        public Delay {
            requireConnected(step);
        }
    }

    /**
     * Refuses CONNECT.
     *
     * @param returnCode the return code of CONNACK (MQTT 3.1.1, section 3.2.2.3), 1 to 5
     */
    record RefuseConnect(int returnCode) implements DpsFault {
        /** Checks the return code. */
        public RefuseConnect {
            if (returnCode < 1 || returnCode > 5) {
                throw new IllegalArgumentException("returnCode is " + returnCode + ", allowed are 1 to 5");
            }
        }

        @Override
        public DpsStep step() {
            return DpsStep.CONNECT;
        }
    }

    /**
     * Grants the subscription another QoS than the service does.
     *
     * @param returnCode the return code of SUBACK (MQTT 3.1.1, section 3.9.3): 0, 1, 2, or 128 to refuse
     */
    record Grant(int returnCode) implements DpsFault {
        /** Checks the return code. */
        public Grant {
            if (!Set.of(0, 1, 2, 128).contains(returnCode)) {
                throw new IllegalArgumentException("returnCode is " + returnCode + ", allowed are 0, 1, 2 and 128");
            }
        }

        @Override
        public DpsStep step() {
            return DpsStep.SUBSCRIBE;
        }

        /** The QoS of the answers under this grant; empty if the subscription is refused. */
        public Optional<Integer> answersWith() {
            return returnCode == 128 ? Optional.empty() : Optional.of(Math.min(1, returnCode));
        }
    }

    /**
     * Sends a test's answer to a request. The service does not see the request: no operation begins and no poll is
     * counted.
     *
     * @param step REGISTER, POLL or RESULT
     * @param status the status in the topic
     * @param retryAfter seconds of {@code retry-after} in the topic; empty omits it
     * @param body the body, JSON or not
     */
    record Answer(DpsStep step, int status, OptionalInt retryAfter, String body) implements DpsFault {
        /** Checks the step. */
        public Answer {
            requireRequest(step);
        }

        /**
         * Answers with an error in the format of the service.
         *
         * @param step REGISTER, POLL or RESULT
         * @param status the status, such as 500
         * @return the fault
         */
        public static Answer error(DpsStep step, int status) {
            return new Answer(step, status, OptionalInt.empty(), errorBody(status));
        }

        /**
         * Answers 429.
         *
         * @param step REGISTER, POLL or RESULT
         * @param retryAfterSeconds seconds of the requested wait
         * @return the fault
         */
        public static Answer throttled(DpsStep step, int retryAfterSeconds) {
            return new Answer(step, 429, OptionalInt.of(retryAfterSeconds), errorBody(429));
        }

        /**
         * Answers 200 with an invalid body.
         *
         * @param step REGISTER, POLL or RESULT
         * @param body the body
         * @return the fault
         */
        public static Answer malformed(DpsStep step, String body) {
            return new Answer(step, 200, OptionalInt.empty(), body);
        }

        private static String errorBody(int status) {
            return "{\"errorCode\":" + status + "000,\"trackingId\":\"8ad0463c-6427-4479-9dfa-3e8bb7003e9b\","
                    + "\"message\":\"Injected by a test.\",\"timestampUtc\":\"2026-11-21T08:00:00.1234567Z\"}";
        }
    }

    /**
     * Replaces {@code retry-after} in the topic of the service's answer.
     *
     * @param step REGISTER, POLL or RESULT
     * @param value the text, which need not be a number
     */
    record RetryAfter(DpsStep step, String value) implements DpsFault {
        /** Checks the step. */
        public RetryAfter {
            requireRequest(step);
        }
    }

    /**
     * Sends the answer to a request before the request's PUBACK. No effect at QoS 0.
     *
     * @param step REGISTER, POLL or RESULT
     */
    record AnswerBeforePubAck(DpsStep step) implements DpsFault {
        /** Checks the step. */
        public AnswerBeforePubAck {
            requireRequest(step);
        }
    }

    /**
     * Sends another answer before the right one, with another {@code $rid}, that assigns another device.
     *
     * @param step REGISTER, POLL or RESULT
     */
    record ForeignAnswerFirst(DpsStep step) implements DpsFault {
        /** Checks the step. */
        public ForeignAnswerFirst {
            requireRequest(step);
        }
    }

    private static void requireConnected(DpsStep step) {
        if (step == DpsStep.HANDSHAKE) {
            throw new IllegalArgumentException("The one fault of the handshake is RefuseHandshake");
        }
    }

    private static void requireRequest(DpsStep step) {
        if (!EnumSet.of(DpsStep.REGISTER, DpsStep.POLL, DpsStep.RESULT).contains(step)) {
            throw new IllegalArgumentException("step is " + step + ", allowed are REGISTER, POLL and RESULT");
        }
    }
}
