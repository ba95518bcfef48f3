/**
 * Jobs: the consumer of {@code $aws/things/{thing}/jobs/start-next}. {@link io.cameliot.awsiot.job.JobMachine} decides;
 * the other classes perform its actions.
 */
package io.cameliot.awsiot.job;
