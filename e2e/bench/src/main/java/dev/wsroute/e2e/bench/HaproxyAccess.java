// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.e2e.bench;

import java.util.Optional;

/**
 * The parts of an HAProxy configuration that check who connects.
 *
 * @param section of its own
 * @param frontend in the section {@code frontend}
 */
record HaproxyAccess(String section, String frontend) {

    static final HaproxyAccess NONE = new HaproxyAccess("", "");

    private static final HaproxyAccess PASSWORDS = new HaproxyAccess(
            "userlist passwords\n  user " + AccessWork.USER + " password " + AccessWork.PASSWORD_HASH + "\n",
            "  http-request auth unless { http_auth(passwords) }\n");

    /** Empty if it has no such check: it asks no service without a program in Lua. */
    static Optional<HaproxyAccess> of(LoadScenario check, AccessWork work) {
        return switch (check) {
            case ACCESS_NONE -> Optional.of(NONE);
            case ACCESS_ORIGIN ->
                Optional.of(new HaproxyAccess(
                        "",
                        "  http-request deny deny_status 403 if { req.hdr(Origin) -m found } !{ req.hdr(Origin) -m str "
                                + AccessWork.ORIGIN + " }\n"));
            case ACCESS_TOKEN, ACCESS_TOKENS -> Optional.of(tokens(work));
            case ACCESS_PASSWORD -> Optional.of(PASSWORDS);
            default -> Optional.empty();
        };
    }

    /** Signature, issuer, audience and expiry, as ours checks them. */
    private static HaproxyAccess tokens(AccessWork work) {
        return new HaproxyAccess("", """
                  http-request set-var(txn.token) http_auth_bearer
                  http-request set-var(txn.alg) var(txn.token),jwt_header_query('$.alg')
                  http-request set-var(txn.iss) var(txn.token),jwt_payload_query('$.iss')
                  http-request set-var(txn.aud) var(txn.token),jwt_payload_query('$.aud')
                  http-request set-var(txn.exp) var(txn.token),jwt_payload_query('$.exp','int')
                  http-request set-var(txn.now) date()
                  http-request deny deny_status 401 unless { var(txn.alg) -m str ES256 }
                  http-request deny deny_status 401 unless { var(txn.iss) -m str %s }
                  http-request deny deny_status 401 unless { var(txn.aud) -m str %s }
                  http-request deny deny_status 401 if { var(txn.exp),sub(txn.now) -m int lt 0 }
                  http-request deny deny_status 401 unless { var(txn.token),jwt_verify(txn.alg,"%s") -m int 1 }
                """.formatted(Tokens.ISSUER, Tokens.AUDIENCE, work.publicKey()));
    }
}
