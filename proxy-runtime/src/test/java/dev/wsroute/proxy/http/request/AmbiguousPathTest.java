// SPDX-License-Identifier: Apache-2.0
package dev.wsroute.proxy.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmbiguousPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/x/../admin",
                "/..",
                "/../",
                "/./admin",
                "/.",
                "/admin/.",
                "/.../admin",
                "/x/..;/admin",
                "/admin;v=1",
                "/;",
                "/%3badmin",
                "/%61dmin",
                "/%41dmin",
                "/%7euser",
                "/%2Dx",
                "/%5fx",
                "/%30",
                "//admin",
                "/x//admin",
                "/admin//",
                "//",
                "/x/%2e%2e/admin",
                "/%2E/admin",
                "/.%2e/admin",
                "/admin%2fx",
                "/x%2F..%2Fadmin",
                "/x\\admin",
                "/x%5cadmin",
                "/x%5Cadmin",
                "/%252e%252e/admin",
                "/admin%3fx",
                "/admin%23x",
                "/admin%00",
                "/admin%0a",
                "/admin%09",
                "/admin%7f",
                "/admin%c2%85",
                "/%c0%ae%c0%ae/admin",
                "/%c0%af",
                "/%e0%80%af",
                "/%f0%80%80%af",
                "/%ed%a0%80",
                "/%f4%90%80%80",
                "/%ff",
                "/%80",
                "/%c3",
                "/%c3/%a9",
                "/\u00c3",
                "/\u00c3%41",
                "/%ef%bc%8fadmin",
                "/%ef%bc%8e%ef%bc%8e/admin",
                "/%ef%bd%81dmin",
                "/x/%E2%80%A4%E2%80%A4/admin",
                "/x/%E2%80%A5/admin",
                "/%E2%93%90dmin",
                "/%F0%9D%90%9Admin",
                "/%C2%AAdmin",
                "/%e2%84%80",
                "/adm%C2%ADin",
                "/adm%E2%80%8Bin",
                "/%",
                "/%6",
                "/%zz",
                "/%u002e",
                "/a%2",
                "/%+1"
            })
    void isAPathThatABackendMayTakeForAnother(String path) {
        assertThat(AmbiguousPath.is(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "*",
                "/admin",
                "/admin/",
                "/.well-known/x",
                "/..a/a../.b.",
                "/file.tar.gz",
                "/a%20b",
                "/caf%c3%a9",
                "/caf%C3%A9/%f0%9f%98%80",
                "/caf\u00c3\u00a9",
                "/%e4%bd%a0",
                "/a:b@c!$&'()*+,=~_-",
                "/%40%3A%5b%5D%2b%22",
                "/{a}|b^"
            })
    void isNoneThatHasOneSpellingOnly(String path) {
        assertThat(AmbiguousPath.is(path)).isFalse();
    }
}
