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
package io.cameliot.awsiot.auth;

import io.cameliot.awsiot.credentials.RoleAliasCredentials;
import io.cameliot.common.text.FailureText;
import io.cameliot.common.text.ForeignText;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The source of AWS credentials. Exactly one source is set.
 *
 * @param accessKey access key id
 * @param secretKey secret access key
 * @param sessionToken session token of temporary credentials, may be null
 * @param useDefault whether to use the AWS SDK's default chain
 * @param profile name of a profile in the AWS configuration files
 * @param provider the user's own provider
 * @param roleAlias the credentials of a role alias
 */
public record CredentialsOptions(
        String accessKey,
        String secretKey,
        String sessionToken,
        boolean useDefault,
        String profile,
        AwsCredentialsProvider provider,
        RoleAliasCredentials roleAlias) {

    /** Opens the source. The caller must pass the result to {@link #close}. */
    public AwsCredentialsProvider open() {
        if (provider != null) {
            return provider;
        }
        if (roleAlias != null) {
            return roleAlias;
        }
        if (accessKey != null) {
            return StaticCredentialsProvider.create(
                    sessionToken == null
                            ? AwsBasicCredentials.create(accessKey, secretKey)
                            : AwsSessionCredentials.create(accessKey, secretKey, sessionToken));
        }
        return useDefault ? DefaultCredentialsProvider.builder().build() : ProfileCredentialsProvider.create(profile);
    }

    /**
     * Reads the files of the source, if there are any.
     *
     * @throws IllegalArgumentException if one is unusable; the message names its option
     */
    public void requireFiles() {
        if (roleAlias != null) {
            roleAlias.requireFiles();
        }
    }

    /**
     * Prepares the credentials, without waiting.
     *
     * @return completes, never exceptionally, when {@link #resolve} no longer waits for a role alias; at once for other
     *     sources
     */
    public CompletableFuture<Void> ready() {
        return roleAlias == null
                ? CompletableFuture.completedFuture(null)
                : roleAlias.credentials().handle((credentials, failure) -> null);
    }

    /** Lets the source give new credentials the next time, where it keeps any. */
    public void renew() {
        if (roleAlias != null) {
            roleAlias.renew();
        }
    }

    /** Closes a source that {@link #open} returned, but never the user's own provider. */
    public void close(AwsCredentialsProvider opened) {
        if (opened != provider && opened instanceof SdkAutoCloseable closeable) {
            closeable.close();
        }
    }

    /**
     * Gets the credentials from an opened source. May block.
     *
     * @throws IllegalStateException if the source has no credentials; the message names the option
     */
    public AwsCredentials resolve(AwsCredentialsProvider opened) {
        AwsCredentials credentials;
        try {
            credentials = opened.resolveCredentials();
        } catch (Throwable e) {
            // The user's own provider may throw anything, also an Error. The SDK reports refusals of STS by exceptions
            // that are not SdkClientException.
            throw new IllegalStateException(
                    ForeignText.escaped("No AWS credentials from option " + option() + ": " + FailureText.of(e)), e);
        }
        if (credentials == null) {
            throw none("it returned null");
        }
        if (isBlank(credentials.accessKeyId()) || isBlank(credentials.secretAccessKey())) {
            throw none("it returned credentials without access key id or without secret access key");
        }
        if (credentials instanceof AwsSessionCredentials session && isBlank(session.sessionToken())) {
            throw none("it returned session credentials without session token");
        }
        return credentials;
    }

    private IllegalStateException none(String reason) {
        return new IllegalStateException("No AWS credentials from option " + option() + ": " + reason);
    }

    private static boolean isBlank(String text) {
        return text == null || text.isBlank();
    }

    private String option() {
        if (provider != null) {
            return "credentialsProvider";
        }
        if (roleAlias != null) {
            return "roleAlias";
        }
        if (accessKey != null) {
            return "accessKey";
        }
        return useDefault ? "useDefaultCredentialsProvider" : "profileCredentialsName=" + profile;
    }

    @Override
    public String toString() {
        return "option " + option();
    }
}
