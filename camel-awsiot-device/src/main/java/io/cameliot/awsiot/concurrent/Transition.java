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
package io.cameliot.awsiot.concurrent;

import java.util.List;

/**
 * The result of an event.
 *
 * @param memory the next memory
 * @param actions the actions, in their order
 * @param <M> the memory of a state machine
 * @param <A> its actions
 */
public record Transition<M, A>(M memory, List<A> actions) {

    /** Creates a transition to a memory, with its actions. */
    @SafeVarargs
    public static <M, A> Transition<M, A> to(M memory, A... actions) {
        return new Transition<>(memory, List.of(actions));
    }
}
