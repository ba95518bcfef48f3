/**
 * Jobs: the consumer of {@code $aws/things/{thing}/jobs/start-next}. {@link io.cameliot.awsiot.job.JobMachine} decides;
 * the other classes perform its actions and do the network access.
 */
package io.cameliot.awsiot.job;
