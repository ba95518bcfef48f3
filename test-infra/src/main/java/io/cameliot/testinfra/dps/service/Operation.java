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
package io.cameliot.testinfra.dps.service;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A registration in progress: assigning for a number of polls, then ended. */
final class Operation {

    private final String id;
    private final Device device;
    private final Enrollment enrollment;
    private final CompletionStage<Optional<JsonNode>> allocation;
    private final AtomicInteger assigningPolls;
    private CompletableFuture<DpsAnswer> result;

    /**
     * Creates an operation.
     *
     * @param allocation becomes the payload of the result; fails if the custom allocation fails
     */
    Operation(String id, Device device, Enrollment enrollment, CompletionStage<Optional<JsonNode>> allocation) {
        this.id = id;
        this.device = device;
        this.enrollment = enrollment;
        this.allocation = allocation;
        this.assigningPolls = new AtomicInteger(enrollment.assigningPolls());
    }

    String id() {
        return id;
    }

    Device device() {
        return device;
    }

    Enrollment enrollment() {
        return enrollment;
    }

    boolean isAssigning() {
        return assigningPolls.get() > 0;
    }

    /** Counts a poll; returns true if its answer is {@code assigning}. */
    boolean countPoll() {
        return assigningPolls.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    /** The end of the operation. The first call computes it, and later polls receive the same one. */
    synchronized CompletionStage<DpsAnswer> end(
            Function<Optional<JsonNode>, DpsAnswer> assign, Function<Throwable, DpsAnswer> fail) {
        if (result == null) {
            result = allocation
                    .handle((payload, failure) -> failure == null ? assign.apply(payload) : fail.apply(failure))
                    .toCompletableFuture();
        }
        return result;
    }
}
