package io.intaglio.client.internal.http;

import io.intaglio.client.tls.Tls;
import java.time.Duration;

/**
 * What a transport is built with.
 *
 * @param tls trust and identity
 * @param maxConnections connections at most, to all hosts together and to each
 * @param connectTimeout for opening a connection, and again for its TLS handshake
 * @param connectionMaxAge when a connection is not used again, however well it works; so that a changed DNS name is noticed
 * @param idleValidation a connection that was idle for longer is tested before it is used
 * @param maxResponseBytes the longest body that is read
 * @param userAgent what we call ourselves
 * @param dialing how connections are opened
 */
public record TransportSettings(
        Tls tls,
        int maxConnections,
        Duration connectTimeout,
        Duration connectionMaxAge,
        Duration idleValidation,
        int maxResponseBytes,
        String userAgent,
        Dialing dialing) {}
