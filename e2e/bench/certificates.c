/*
 * Makes self-signed certificates for tests and benchmarks, each with an ECDSA P-256 key of its own.
 *
 *   certificates FOLDER COUNT
 *
 * Number N, from 0 on, is for the host nN.example.com: FOLDER/N.crt and FOLDER/N.key, and FOLDER/N.pem with both.
 */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY (24 * 60 * 60)

static _Noreturn void fail(const char *what) {
    ERR_print_errors_fp(stderr);
    fprintf(stderr, "%s\n", what);
    exit(1);
}

static X509 *certificate_for(const char *host, EVP_PKEY *key) {
    X509 *certificate = X509_new();
    X509_NAME *name = X509_get_subject_name(certificate);
    char names[128];
    uint64_t serial;
    snprintf(names, sizeof names, "DNS:%s", host);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, names);
    if (RAND_bytes((unsigned char *)&serial, sizeof serial) != 1 || extension == NULL ||
        !X509_set_version(certificate, X509_VERSION_3) ||
        !ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1) ||
        !X509_gmtime_adj(X509_getm_notBefore(certificate), -DAY) ||
        !X509_gmtime_adj(X509_getm_notAfter(certificate), 90 * DAY) ||
        !X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)host, -1, -1, 0) ||
        !X509_set_issuer_name(certificate, name) || !X509_set_pubkey(certificate, key) ||
        !X509_add_ext(certificate, extension, -1) || !X509_sign(certificate, key, EVP_sha256()))
        fail("a certificate cannot be made");
    X509_EXTENSION_free(extension);
    return certificate;
}

static void write_pem(const char *folder, int number, const char *suffix, X509 *certificate, EVP_PKEY *key) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%d.%s", folder, number, suffix);
    FILE *file = fopen(path, "w");
    if (file == NULL) fail("a file cannot be written");
    if ((certificate != NULL && !PEM_write_X509(file, certificate)) ||
        (key != NULL && !PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL)) || fclose(file) != 0)
        fail("a file cannot be written");
}

int main(int count, char **arguments) {
    int certificates = count == 3 ? atoi(arguments[2]) : 0;
    if (certificates < 1) {
        fputs("usage: certificates FOLDER COUNT\n", stderr);
        return 2;
    }
    for (int number = 0; number < certificates; number++) {
        char host[64];
        snprintf(host, sizeof host, "n%d.example.com", number);
        EVP_PKEY *key = EVP_EC_gen("P-256");
        if (key == NULL) fail("a key cannot be made");
        X509 *certificate = certificate_for(host, key);
        write_pem(arguments[1], number, "crt", certificate, NULL);
        write_pem(arguments[1], number, "key", NULL, key);
        write_pem(arguments[1], number, "pem", certificate, key);
        X509_free(certificate);
        EVP_PKEY_free(key);
    }
    return 0;
}
