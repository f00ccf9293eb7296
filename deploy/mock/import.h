/* Posts a mapping file to the mock of this container, as `curl -T` would. */
#ifndef MOCK_IMPORT_H
#define MOCK_IMPORT_H

/* Waits up to ten seconds for http://127.0.0.1:port to take calls. Returns 0 once the file has been
 * imported; else prints the reason and returns 1. */
int import_mappings(unsigned port, const char *file);

#endif
