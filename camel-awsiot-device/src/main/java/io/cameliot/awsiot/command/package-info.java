/**
 * Commands: the consumer of {@code $aws/commands/{things|clients}/{id}/executions/+/request/{format}}.
 * {@link io.cameliot.awsiot.command.CommandMachine} decides what to report; the other classes send the reports.
 */
package io.cameliot.awsiot.command;
