/**
 * The parts that jobs and commands share: both report the outcome of a route to AWS IoT. {@link
 * io.cameliot.awsiot.catchup.CatchUp} uses {@link io.cameliot.awsiot.report.Unreported}.
 */
package io.cameliot.awsiot.report;
