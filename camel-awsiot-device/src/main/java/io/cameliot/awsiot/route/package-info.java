/**
 * The processing of messages, jobs and commands in a consumer's route, and their outcomes. Consumers use
 * {@link io.cameliot.awsiot.route.JobRoute} and {@link io.cameliot.awsiot.route.CommandRoute}.
 */
package io.cameliot.awsiot.route;
