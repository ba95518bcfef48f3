/**
 * What a consumer's route is given besides messages, and what becomes of it: jobs, commands and their outcomes. Consumers use
 * {@link io.cameliot.awsiot.route.JobRoute} and {@link io.cameliot.awsiot.route.CommandRoute}.
 */
package io.cameliot.awsiot.route;
