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
package io.cameliot.testinfra.awsiot.command;

/** A report that is rejected ("UpdateCommandExecution error codes"). */
public final class CommandRejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String error;

    /**
     * A rejection for whatever reason.
     *
     * @param error such as {@code InternalError}
     */
    public CommandRejectedException(String error, String message) {
        super(message);
        this.error = error;
    }

    public String error() {
        return error;
    }

    static CommandRejectedException invalidRequest(String message) {
        return new CommandRejectedException("InvalidRequest", message);
    }

    static CommandRejectedException notFound() {
        return new CommandRejectedException("ResourceNotFound", "The command execution does not exist");
    }

    static CommandRejectedException transition(CommandState from, CommandState to) {
        return new CommandRejectedException(
                "InvalidStateTransition", "The command execution is " + from + " and cannot become " + to);
    }

    static CommandRejectedException terminal(CommandState state) {
        return new CommandRejectedException("TerminalStateReached", "The command execution has ended: it is " + state);
    }

    /** Two reports of one execution too close to each other. */
    public static CommandRejectedException conflict() {
        return new CommandRejectedException("DataConflict", "The command execution was modified concurrently");
    }
}
