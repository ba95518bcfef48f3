/** What jobs and commands have in common: the outcome of a route is reported to AWS IoT. */
package io.cameliot.awsiot.report;
