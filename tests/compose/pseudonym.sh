# In a container of the demo's network: pseudonym.sh JOB VALUE prints what the job makes of a last
# name, its length kept.
set -eu
api=https://api.exate.co:8443/apigator
ask() { curl --silent --show-error --fail --max-time 10 --cacert /trust/ca.crt -H 'X-Api-Key: changeme' "$@"; }
token=$(ask "$api/identity/v1/token" -d client_id=postman -d client_secret=changeme -d grant_type=client_credentials |
    sed 's/.*"access_token":"\([^"]*\)".*/\1/')
ask "$api/protect/v1/dataset" -H "X-Resource-Token: Bearer $token" -H 'Content-Type: application/json' \
    -H 'X-Data-Set-Type: JSON' -d '{"manifestName":"Employee","jobType":"'"$1"'","countryCode":"GB",
    "dataOwningCountryCode":"GB","protectNullValues":false,"preserveStringLength":true,
    "matchingRule":{"claims":[{"attributeName":"ADGroup","attributeValue":"HR"}]},
    "dataSet":"{\"employees\":{\"employee\":[{\"lastName\":\"'"$2"'\"}]}}"}' |
    sed 's/.*lastName\\": \\"\([^\\]*\)\\".*/\1/'
