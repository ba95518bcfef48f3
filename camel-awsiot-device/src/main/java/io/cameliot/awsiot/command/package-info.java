/**
 * Commands: the consumer of {@code $aws/commands/{things|clients}/{id}/executions/+/request/{format}}.
 * {@link io.cameliot.awsiot.command.CommandMachine} decides what is reported, the others do it.
 */
package io.cameliot.awsiot.command;
