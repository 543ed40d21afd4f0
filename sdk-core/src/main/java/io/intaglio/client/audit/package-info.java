/**
 * What was asked, decided and answered, written down so that a later change shows.
 *
 * <pre>{@code
 * AuditLog audit = AuditLog.builder(Path.of("/var/lib/desk/audit"))
 *         .policy(AuditLog.Policy.BEFORE_SEND)
 *         .checkpoints(auditKey, CheckpointSink.file(Path.of("/mnt/elsewhere/desk.checkpoints")))
 *         .open();
 * VenueClient client = VenueClient.builder(venue).credential(key).audit(audit).build();
 * }</pre>
 */
@NullMarked
package io.intaglio.client.audit;

import org.jspecify.annotations.NullMarked;
