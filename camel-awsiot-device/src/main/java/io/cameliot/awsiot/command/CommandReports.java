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
package io.cameliot.awsiot.command;

import io.cameliot.awsiot.report.ReportContext;
import io.cameliot.awsiot.report.Requester;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** The commands of one consumer: those in its route, those being reported, and the latest finished ones. */
public final class CommandReports {

    /**
     * Number of finished commands that are remembered. A command is redelivered if its connection ended before the
     * acknowledgement; that happens soon or not at all.
     */
    static final int REMEMBERED = 1000;

    private final ReportContext context;
    private final CommandMachine machine;
    private final boolean announced;
    private final Map<CommandTopic, Command> commands = new LinkedHashMap<>(); // guarded by this
    private volatile boolean ended;

    /**
     * Creates the commands of a consumer.
     *
     * @param announced whether to report that a command is in progress
     */
    public CommandReports(ReportContext context, boolean announced) {
        this.context = context;
        this.machine = new CommandMachine(context.delays());
        this.announced = announced;
    }

    /**
     * Registers a command that is about to enter the route.
     *
     * @param topic topic on which the command arrived
     * @return null if the command entered the route before and must not enter it again
     */
    public Command enter(String topic) {
        CommandTopic key = CommandTopic.ofMessage(topic);
        Command entering = new Command(this, key, machine);
        synchronized (this) {
            if (commands.putIfAbsent(key, entering) != null) {
                return null;
            }
            forgetOldest();
        }
        entering.enter(announced);
        return entering;
    }

    /**
     * Returns a future that completes when a command that entered the route is settled.
     *
     * @see Command#settled
     */
    public synchronized CompletableFuture<Boolean> settled(String topic) {
        Command known = commands.get(CommandTopic.ofMessage(topic));
        return known == null ? CompletableFuture.completedFuture(true) : known.settled();
    }

    private void forgetOldest() {
        Iterator<Command> each = commands.values().iterator();
        while (commands.size() > REMEMBERED && each.hasNext()) {
            if (each.next().settled().isDone()) {
                each.remove();
            }
        }
    }

    /** Stops all reports. */
    public void end() {
        ended = true;
    }

    CompletableFuture<Requester.Answer> send(String topic, byte[] report) {
        return ended ? new CompletableFuture<>() : context.send(topic, report);
    }

    void complain(Throwable cause) {
        context.complaints().accept(cause);
    }

    Executor pool() {
        return context.pool();
    }

    ScheduledExecutorService timer() {
        return context.timer();
    }
}
